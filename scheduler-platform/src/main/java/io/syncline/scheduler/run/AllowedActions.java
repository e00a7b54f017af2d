package io.syncline.scheduler.run;

import java.util.Map;
import java.util.Set;

/**
 * What may be done to a run and its task runs now, by the decisions that the actions themselves take.
 *
 * @param taskRuns by id
 */
public record AllowedActions(Set<RunAction> run, Map<String, Set<TaskAction>> taskRuns) {}
