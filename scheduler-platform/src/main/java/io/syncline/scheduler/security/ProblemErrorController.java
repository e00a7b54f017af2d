package io.syncline.scheduler.security;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers where the container itself gives up on a request; nobody can call it from outside. */
@Controller
class ProblemErrorController implements ErrorController {

    static final String PATH = "/error";

    private final Problems problems;

    ProblemErrorController(Problems problems) {
        this.problems = problems;
    }

    @RequestMapping(PATH)
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (failure instanceof Exception exception) {
            problems.write(request, response, exception);
        } else {
            problems.write(
                    request,
                    response,
                    status instanceof Integer code ? Problems.ofStatus(code) : Problems.noSuchPath());
        }
    }
}
