package io.syncline.portal.platform;

/** As whom the platform is called now. */
public interface CurrentPerson {

    /** The stay of the person whose request this is; throws {@link SessionEndedException} when nobody is signed in. */
    PersonSession session();
}
