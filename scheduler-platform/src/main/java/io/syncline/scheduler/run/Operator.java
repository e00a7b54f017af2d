package io.syncline.scheduler.run;

/**
 * Who does it and why.
 *
 * @param reason 1 to 500 characters, in the operator's words
 */
public record Operator(String name, String reason) {}
