package io.syncline.scheduler.quartz;

import io.syncline.scheduler.trigger.Intake;
import io.syncline.scheduler.trigger.Judgement;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

@Component
class IntakeStarts implements ScheduledStarts {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeStarts.class);

    private final Intake intake;

    IntakeStarts(Intake intake) {
        this.intake = intake;
    }

    @Override
    public void start(String group, Instant intended) {
        var judgement = intake.fire(group, intended);
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
