package io.syncline.provider.problem;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;
import static org.springframework.test.web.servlet.setup.MockMvcBuilders.standaloneSetup;

import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

class ProblemAdviceTest {

    private final Failing controller = new Failing();
    private final MockMvc mvc = standaloneSetup(controller)
            .setControllerAdvice(new ProblemAdvice(JsonMapper.builder().build()))
            .build();

    @RestController
    private static final class Failing {

        private RuntimeException failure = new IllegalStateException();

        @GetMapping("/")
        String fail() {
            throw failure;
        }
    }

    @Test
    void aConnectionThatBreaksBeforeTheCommitChangedNothing() throws Exception {
        controller.failure = new RecoverableDataAccessException("closed");

        mvc.perform(get("/"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "2"))
                .andExpect(content().string(Matchers.containsString("Nothing was changed")));
    }

    @Test
    void oneThatBreaksAtTheEndOfATransactionMayHave() throws Exception {
        controller.failure = new TransactionSystemException("JDBC rollback failed");

        mvc.perform(get("/"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "2"))
                .andExpect(content().string(Matchers.containsString("It may have been done")));
    }
}
