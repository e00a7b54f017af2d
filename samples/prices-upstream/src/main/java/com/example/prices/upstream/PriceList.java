package com.example.prices.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A day's prices.
 *
 * @param version rises with each change of the day's list, from 1
 * @param csv a line {@code article,cents} for each article
 */
record PriceList(String day, int version, String csv) {

    PriceList {
        csv.lines().forEach(line -> {
            if (!line.matches("[A-Za-z0-9-]{1,40},[0-9]{1,9}")) {
                throw new IllegalArgumentException("a line is article,cents: " + line);
            }
        });
    }

    long rows() {
        return csv.lines().count();
    }

    /** As the header Repr-Digest of RFC 9530 writes it. */
    String digest() {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(csv.getBytes(StandardCharsets.UTF_8));
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
