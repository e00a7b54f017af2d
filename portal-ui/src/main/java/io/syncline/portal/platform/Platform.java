package io.syncline.portal.platform;

/**
 * The platform's API, called as the person whose request it is. Every method throws {@link PlatformException},
 * {@link SessionEndedException} when the session is over, and {@link SignInAgainException} when it goes on but the sign-in is
 * too long ago for the request; pages leave both to others.
 */
public interface Platform {

    /** The answer read as JSON; members that {@code type} does not know are passed over. */
    <T> T ask(ApiCall call, Class<T> type);

    /** The answer as it came. */
    ApiAnswer answer(ApiCall call);

    /** When the answer does not matter. */
    default void tell(ApiCall call) {
        answer(call);
    }
}
