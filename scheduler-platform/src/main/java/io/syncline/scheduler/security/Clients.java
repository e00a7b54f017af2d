package io.syncline.scheduler.security;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The machines that may ask for tokens. */
public interface Clients {

    Optional<Client> find(String key);

    /** Clients by key, those after the given one, at most so many. */
    List<Client> list(@Nullable String afterKey, int limit);

    /** Makes a client; empty when the key is taken. The secret is told here and never again. */
    Optional<NewClient> create(String key, @Nullable String system, Set<Scope> scopes);

    /** Changes system and scopes and keeps the secret; empty when the version is no longer the given one. */
    Optional<Client> change(String key, int version, @Nullable String system, Set<Scope> scopes);

    /** Gives the client a new secret, the old one works 24 h more; empty when there is no such client, or its version differs from a given one. */
    Optional<NewClient> rotate(String key, @Nullable Integer version);

    /** Revokes the client: no new tokens at once, its tokens are refused within 60 s on every node. */
    boolean delete(String key, int version);

    /** A client with its secret in clear text, as told once. */
    record NewClient(Client client, String secret) {
        @Override
        public String toString() {
            return "NewClient[" + client.key() + "]";
        }
    }
}
