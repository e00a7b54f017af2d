package io.syncline.portal.page;

/**
 * A point in time as the pages show it.
 *
 * @param iso complete, in UTC, for machines and for the pointer
 * @param text to the second, in the reader's zone
 * @param ago how long before the page was made, in one unit
 */
public record Moment(String iso, String text, String ago) {}
