package io.syncline.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.security.Expiring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class PurgeJobTest {

    @Test
    void aTableThatCannotBePurgedKeepsNoOtherFromIt() {
        var purged = new ArrayList<String>();
        Expiring broken = () -> {
            throw new QueryTimeoutException("locked");
        };
        var job = new PurgeJob(List.of(() -> purged.add("first"), broken, () -> purged.add("last")));

        job.execute(null);

        assertThat(purged).containsExactly("first", "last");
    }
}
