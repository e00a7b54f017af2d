package io.syncline.systemtests.api;

/** A service answered otherwise than asked for. */
public final class UnexpectedAnswerException extends RuntimeException {

    private static final int SHOWN = 1500;
    private final Answer answer;

    UnexpectedAnswerException(Answer answer) {
        super("answered %d: %s"
                .formatted(
                        answer.status(),
                        answer.text().length() > SHOWN ? answer.text().substring(0, SHOWN) + "…" : answer.text()));
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
