package io.syncline.portal.platform;

/**
 * The platform's API, called as the person whose request it is. Every method throws {@link PlatformException}, and
 * {@link SessionEndedException} when the person must sign in again.
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
