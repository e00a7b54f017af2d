package io.syncline.scheduler.quartz;

import io.syncline.scheduler.security.LogContext;
import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.Judgement;
import io.syncline.tracing.Spans;
import io.syncline.tracing.TraceContext;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

@Component
class IntakeStarts implements ScheduledStarts {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeStarts.class);

    private final Intake intake;
    private final Spans spans;

    IntakeStarts(Intake intake, Spans spans) {
        this.intake = intake;
        this.spans = spans;
    }

    @Override
    public void start(String group, Instant intended) {
        var span = spans.begin(Spans.Kind.INTERNAL, "schedule " + group, null)
                .with("syncline.group", group)
                .with("syncline.intended", intended);
        LogContext.of().group(group).trace(span.traceparent()).during(() -> {
            try {
                fire(group, intended, span.traceparent());
                span.end(null);
            } catch (RuntimeException e) {
                span.end(e.getMessage());
                throw e;
            }
        });
    }

    private void fire(String group, Instant intended, String traceparent) {
        var judgement = TraceContext.call(traceparent, () -> intake.fire(group, intended));
        if (judgement instanceof Judgement.Refused refused) {
            LOG.warn(
                    "The scheduled start of {} for {} was refused: {}",
                    group,
                    intended,
                    refused.problem().detail());
        } else {
            LOG.info("Schedule of {} fired for {}: trigger {}", group, intended, judgement.id());
        }
    }
}
