package io.syncline.scheduler.security;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The machines that may come in. */
public interface Clients {

    Optional<Client> find(String key);

    /** The client that this subject of this trusted issuer is. */
    Optional<Client> findExternal(String issuerKey, String subject);

    /** Clients by key, those after the given one, at most so many. */
    List<Client> list(@Nullable String afterKey, int limit);

    /** Makes a client; empty when the key is taken. Its secrets are told here and never again. */
    Optional<Told> create(String key, ClientSettings settings);

    /**
     * Changes its settings; empty when the version is no longer the given one. What it has keeps its secret, what it gets anew
     * has a new one, what it loses is forgotten.
     */
    Optional<Told> change(String key, int version, ClientSettings settings);

    /**
     * Gives the client new secrets; each old one works 24 h from the rotation that took its place, whatever rotations follow.
     * Empty when there is no such client of this version.
     *
     * @throws ProblemException 409, when ten old secrets still work
     */
    Optional<Told> rotate(String key, int version);

    /** Revokes the client: no new tokens at once, its tokens are refused within 60 s on every node. */
    boolean delete(String key, int version);

    /** A client with its new secrets in clear text, as told once. */
    record Told(
            Client client,
            @Nullable String secret,
            @Nullable String webhookSecret) {
        @Override
        public String toString() {
            return "Told[" + client.key() + "]";
        }
    }
}
