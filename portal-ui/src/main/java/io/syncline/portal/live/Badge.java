package io.syncline.portal.live;

/**
 * A count beside a page in the rail.
 *
 * @param place id of the page's place
 * @param text empty: there is nothing to count, or it is not known
 * @param word what is counted, for those who do not see where it stands
 */
record Badge(String place, String text, String word) {

    /** Public because the page asks for it. */
    public boolean isNone() {
        return text.isEmpty();
    }
}
