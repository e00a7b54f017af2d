package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

@Component
class LoggedSignals implements AlertSignals {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedSignals.class);

    @Override
    public void raise(Collection<AlertSignal> signals) {
        signals.forEach(signal -> LOG.warn("{} {}: {}", signal.condition(), signal.subject(), signal.detail()));
    }

    @Override
    public void cure(AlertCondition condition, Collection<String> subjects) {
        subjects.forEach(subject -> LOG.info("{} {} has passed", condition, subject));
    }
}
