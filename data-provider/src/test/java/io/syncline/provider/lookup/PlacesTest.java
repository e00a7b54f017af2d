package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.provider.problem.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlacesTest {

    @Test
    void whoeverFindsNoPlaceIsSentAwayAtOnce() {
        var places = new Places(1, 1, Duration.ofDays(1));
        places.enter();
        places.enter();

        assertThatThrownBy(places::enter)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        tooMany -> assertThat(tooMany.status()).isEqualTo(503));

        places.leave();
        places.enter();
    }

    @Test
    void theWaitForATurnEnds() {
        var places = new Places(1, 5, Duration.ZERO);
        places.takeTurn();

        assertThatThrownBy(places::takeTurn).isInstanceOf(ProblemException.class);

        places.endTurn();
        places.takeTurn();
    }
}
