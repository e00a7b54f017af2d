package io.syncline.client.webhook;

import io.syncline.client.problem.Problem;
import io.syncline.client.problem.ProblemException;

/** A webhook that is not to be believed. */
public final class BadWebhookException extends ProblemException {

    BadWebhookException(String detail) {
        super(Problem.of(401, "bad-webhook", "The webhook is not genuine", detail));
    }
}
