package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.SecondApprover;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One kind of configuration document as plans and exports deal with it; its members are described in {@code
 * syncline-v1.schema.json} under its name. Every method joins the caller's transaction and keeps to the rules of the kind's
 * own routes; a refusal must not pass through a transactional method, which would end the caller's transaction with it.
 */
public interface DocumentKind {

    /** The member {@code kind}. */
    String kind();

    /** Kinds are written from the lowest to the highest, so that what others name is there first; deleted and locked the other way round. */
    int rank();

    /** Whose second approver a change of this kind takes; null: none is ever asked for. */
    SecondApprover.@Nullable Kind approval();

    /** What the document names, right or wrong: kind to keys. */
    Map<String, Set<String>> references(ObjectNode document);

    /** Keeps the object, if there is one, from being changed by others until the end of the transaction. */
    void lock(String key);

    /** The object as far as the editor may see it. */
    Optional<StoredVersion> current(String key, Labels labels);

    /** The objects after a key, by key, as far as they may be seen. */
    List<StoredVersion> after(String key, int count, Labels labels);

    /**
     * Stores the document. What can only be judged once everything else is stored is left to {@link #verify}.
     *
     * @param current the version that it replaces; null: there must be none
     * @throws ProblemException with all that is wrong
     */
    StoredVersion put(String key, ObjectNode document, @Nullable Integer current, Editor editor);

    /** @throws ProblemException 409 while something holds it */
    void delete(String key, int current, Editor editor);

    /**
     * Judges what was put against everything else that was stored with it.
     *
     * @throws ProblemException 409
     */
    default void verify(String key, @Nullable StoredVersion before, Editor editor) {}

    /** What people should know before they change it so; null: there is none before, or none after. */
    default Collection<String> warnings(@Nullable StoredVersion before, @Nullable StoredVersion after) {
        return List.of();
    }
}
