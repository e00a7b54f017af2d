package io.syncline.scheduler.security;

/** A stored secret that cannot be opened; says which cell, never anything of its content. */
public final class UnreadableSecretException extends RuntimeException {

    private final transient SecretBox.Cell cell;

    UnreadableSecretException(SecretBox.Cell cell, String why) {
        super("the secret in " + cell + " cannot be read: " + why);
        this.cell = cell;
    }

    public SecretBox.Cell cell() {
        return cell;
    }
}
