package io.syncline.scheduler.catalog;

import io.syncline.scheduler.store.SteadyClock;
import io.syncline.scheduler.store.UseNotes;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Notes when secrets were last taken. */
@Component
class NotedCredentialUse implements CredentialUse, DisposableBean {

    private record Secret(String system, String name, int revision, boolean previous) {}

    private final UseNotes<Secret> notes;

    NotedCredentialUse(JdbcCredentials credentials, SteadyClock clock) {
        this.notes = new UseNotes<>(
                "credential-use",
                secret -> credentials.used(
                        secret.system(), secret.name(), secret.revision(), secret.previous(), clock.now()));
    }

    @Override
    public void taken(String system, String name, int revision, boolean previous) {
        notes.note(new Secret(system, name, revision, previous));
    }

    @Override
    public void destroy() {
        notes.close();
    }
}
