package io.syncline.scheduler.catalog;

import java.util.Optional;

/** The calendars as the clock reads them; joins the caller's transaction. */
public interface Calendars {

    /** The calendar as it is now; empty when there is none. */
    Optional<BusinessCalendar> current(String key);
}
