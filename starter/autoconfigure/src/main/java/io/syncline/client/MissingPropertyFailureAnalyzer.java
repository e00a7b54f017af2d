package io.syncline.client;

import java.util.Locale;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property is missing, and how to set it. */
class MissingPropertyFailureAnalyzer extends AbstractFailureAnalyzer<MissingPropertyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingPropertyException cause) {
        var variable =
                cause.property().toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
        return new FailureAnalysis(
                "The property " + cause.property() + " is not configured.",
                "Set " + cause.property() + " in the configuration or " + variable
                        + " in the environment, or switch the starter off with syncline.client.enabled=false.",
                cause);
    }
}
