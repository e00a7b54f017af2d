package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import io.syncline.scheduler.store.UseNotes;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Notes when clients were last used. */
@Component
class LastUse implements DisposableBean {

    private final UseNotes<String> notes;

    LastUse(JdbcClients clients, SteadyClock clock) {
        this.notes = new UseNotes<>("last-use", clientKey -> clients.used(clientKey, clock.now()));
    }

    void note(String clientKey) {
        notes.note(clientKey);
    }

    @Override
    public void destroy() {
        notes.close();
    }
}
