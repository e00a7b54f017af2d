package io.syncline.client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;
import static org.springframework.test.web.servlet.setup.MockMvcBuilders.standaloneSetup;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTest {

    private final Failing controller = new Failing();
    private final MockMvc mvc = standaloneSetup(controller)
            .setControllerAdvice(new ProblemAdvice(new ProblemWriter()))
            .build();

    /** In the place of {@code org.apache.catalina.connector.ClientAbortException}, which is known by its name. */
    private static final class ClientAbortException extends IOException {}

    @RestController
    private static final class Failing {

        private Exception failure = new IllegalStateException();

        @GetMapping("/")
        String fail() throws Exception {
            throw failure;
        }
    }

    @Test
    void whileTheDatabaseIsAwayOrTheConnectionBreaksTheCallerIsToldToComeAgain() throws Exception {
        for (var failure : new Exception[] {
            new CannotCreateTransactionException("no connection"),
            new TransactionSystemException("JDBC rollback failed"),
            new DataAccessResourceFailureException("away"),
            new RecoverableDataAccessException("closed")
        }) {
            controller.failure = failure;

            mvc.perform(get("/"))
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().string("Retry-After", "2"))
                    .andExpect(jsonPath("$.title").value("The store does not answer"));
        }
    }

    @Test
    void aCallerWhoHungUpIsNoFaultOfTheService(CapturedOutput log) throws Exception {
        controller.failure = new ClientAbortException();

        assertThat(mvc.perform(get("/")).andReturn().getResponse().getContentAsByteArray())
                .isEmpty();
        assertThat(log).doesNotContain("failed");
    }

    @Test
    void whatIsOurFaultIsToldToTheOperators(CapturedOutput log) throws Exception {
        controller.failure = new IllegalStateException("a bug");

        mvc.perform(get("/")).andExpect(status().isInternalServerError());
        assertThat(log).contains("GET / failed", "a bug");
    }
}
