package io.syncline.provider.change;

import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.DatabaseClock;
import io.syncline.provider.testing.SweptParts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The change feed, one step at a time on the caller's thread. */
public final class FeedSteps {

    private final Sequencer sequencer;
    private final FeedPages pages;
    private final JsonMapper json;

    public FeedSteps(SweptParts parts) {
        sequencer = parts.bean(Sequencer.class);
        json = parts.bean(JsonMapper.class);
        var properties = parts.bean(ChangeProperties.class);
        var looks = new FeedLooks(
                parts.bean(DatabaseClock.class),
                parts.bean(JdbcWaitingChanges.class),
                parts.bean(JdbcChangeFeeds.class),
                parts.bean(Datasets.class),
                properties);
        pages = new FeedPages(parts.bean(ChangeLog.class), looks, parts.bean(FeedMeters.class), properties, json);
    }

    /** Gives numbers to a batch of each dataset. */
    public void number() {
        sequencer.look();
    }

    /** The page as it is answered to a reader that has the changes up to this number. */
    public JsonNode page(String dataset, long after, int limit) {
        return json.readTree(pages.read(new FeedPlace(dataset, after, limit)).body());
    }
}
