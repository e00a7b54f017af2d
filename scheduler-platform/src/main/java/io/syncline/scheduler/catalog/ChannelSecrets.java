package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.SealedCells;
import io.syncline.scheduler.security.SecretBox;
import io.syncline.scheduler.security.UnreadableSecretException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the secrets of channels: those of one channel as one sealed JSON object. */
@Component
class ChannelSecrets implements SealedCells {

    private final JdbcChannels rows;
    private final SecretBox box;
    private final TransactionOperations transactions;

    ChannelSecrets(JdbcChannels rows, SecretBox box, TransactionOperations transactions) {
        this.rows = rows;
        this.box = box;
        this.transactions = transactions;
    }

    @Nullable
    String seal(String channel, Map<String, String> secrets) {
        if (secrets.isEmpty()) {
            return null;
        }
        ObjectNode object = Documents.json("{}");
        new TreeMap<>(secrets).forEach(object::put);
        return box.seal(Documents.toJson(object), cell(channel));
    }

    /** Empty when they cannot be opened. */
    Optional<Map<String, String>> open(JdbcChannels.Row row) {
        if (row.secrets() == null) {
            return Optional.of(Map.of());
        }
        try {
            Map<String, String> opened = new LinkedHashMap<>();
            Documents.json(box.open(row.secrets(), cell(row.stored().key())))
                    .properties()
                    .forEach(member ->
                            opened.put(member.getKey(), member.getValue().stringValue()));
            return Optional.of(opened);
        } catch (UnreadableSecretException e) {
            return Optional.empty();
        }
    }

    private static SecretBox.Cell cell(String key) {
        return new SecretBox.Cell(JdbcChannels.TABLE, key, JdbcChannels.SECRETS);
    }

    @Override
    public List<Stored> stored() {
        return rows.sealed().stream()
                .map(row -> new Stored(cell(row.stored().key()), String.valueOf(row.secrets())))
                .toList();
    }

    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            boolean same = rows.lock(cell.row())
                    .map(JdbcChannels.Row::secrets)
                    .filter(before::equals)
                    .isPresent();
            if (same) {
                rows.reseal(cell.row(), anew);
            }
            return same;
        }));
    }
}
