package io.syncline.scheduler.callback;

import io.syncline.contracts.CallbackAnswer;
import io.syncline.scheduler.security.ProblemException;

/** What the sender of a callback is told. */
sealed interface CallbackReply {

    record Answered(CallbackAnswer answer) implements CallbackReply {}

    record Refused(ProblemException problem) implements CallbackReply {}
}
