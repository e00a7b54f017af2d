package io.syncline.portal.signin;

import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.SignIn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;

/** Nobody was let in; says with which status and in which words the page answers. */
class SignInRefusedException extends AuthenticationException {

    private final HttpStatus status;
    private final String words;
    private final @Nullable Duration retryAfter;

    private SignInRefusedException(
            HttpStatus status, String words, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(words);
        if (cause != null) {
            initCause(cause);
        }
        this.status = status;
        this.words = words;
        this.retryAfter = retryAfter;
    }

    static SignInRefusedException wrong() {
        return new SignInRefusedException(HttpStatus.UNAUTHORIZED, "Name or password is wrong.", null, null);
    }

    static SignInRefusedException stalePage() {
        return new SignInRefusedException(
                HttpStatus.FORBIDDEN, "This page was open for too long. Sign in again.", null, null);
    }

    static SignInRefusedException lockedOut(SignIn.LockedOut lock) {
        var wait = lock.retryAfter();
        return new SignInRefusedException(
                HttpStatus.TOO_MANY_REQUESTS,
                "Too many failed sign-ins. Try again in %s.".formatted(inWords(wait)),
                wait,
                null);
    }

    static SignInRefusedException byThePlatform(String words) {
        return new SignInRefusedException(HttpStatus.FORBIDDEN, words, null, null);
    }

    static SignInRefusedException byTheProvider(String words, Throwable cause) {
        return new SignInRefusedException(HttpStatus.FORBIDDEN, words, null, cause);
    }

    static SignInRefusedException unreachableProvider(Throwable cause) {
        return new SignInRefusedException(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The identity provider does not answer as expected. Try again, or sign in with name and password.",
                null,
                cause);
    }

    static SignInRefusedException trouble(PlatformException trouble) {
        var unavailable = trouble.kind() == PlatformException.Kind.UNAVAILABLE;
        return new SignInRefusedException(
                unavailable ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_GATEWAY,
                trouble.words() + " Nobody can sign in until it does; try again in a moment.",
                null,
                trouble);
    }

    HttpStatus status() {
        return status;
    }

    String words() {
        return words;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    private static String inWords(Duration wait) {
        var seconds = wait.toSeconds();
        return seconds < 120 ? seconds + " seconds" : (seconds + 59) / 60 + " minutes";
    }
}
