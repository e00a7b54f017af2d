package io.syncline.scheduler.security;

import java.util.LinkedHashMap;

/** The members of an answer that holds a secret. Written out as text, into a log say, it is the names of its members alone. */
final class SecretAnswer extends LinkedHashMap<String, Object> {

    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
        return "SecretAnswer" + keySet();
    }
}
