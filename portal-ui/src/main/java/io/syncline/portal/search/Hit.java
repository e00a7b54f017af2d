package io.syncline.portal.search;

/**
 * Something that goes by exactly what was asked for.
 *
 * @param what kind of thing, for the page: "Run"
 */
record Hit(String what, String text, String path) {}
