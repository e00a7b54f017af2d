package io.syncline.portal.platform;

import java.util.List;

/** How people come in. Every method throws {@link PlatformException} when the platform gives no usable answer. */
public interface Sessions {

    SignIn open(String user, String password, Visitor visitor);

    /** With the verified token of an identity provider and the nonce that it holds. */
    SignIn openByIdToken(String idToken, String nonce, Visitor visitor);

    /** Sets the password of an account by its one-time code; returns what is wrong, nothing when it is set. */
    List<String> setPassword(String code, String user, String password);

    /** Makes the first administrator of a new platform by its set-up code; returns what is wrong. */
    List<String> makeFirstAdministrator(String code, String user, String name, String password);
}
