package io.syncline.systemtests.prove;

import java.nio.file.Path;
import java.security.SecureRandom;
import io.syncline.systemtests.crash.CrashPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What was asked for.
 *
 * @param minutes of faults, the warm-up before and the settling after not counted
 * @param only kinds of faults; empty: all
 * @param crashPoints places that a node is to crash at, each once, in the place of minutes of faults; empty: none
 * @param built where the platform's jar lies: the project, or a copy of it that a bug was planted in
 * @param plant the name of that bug; empty: none
 * @param expects the invariant that the bug has to violate; empty: none may be violated
 */
record Options(
        double minutes,
        long seed,
        int perSecond,
        Set<String> only,
        List<String> crashPoints,
        Path built,
        String plant,
        String expects) {

    static final String USAGE =
            "./prove [--minutes N] [--seed S] [--rate MESSAGES_PER_SECOND] [--only FAULT,…] [--plant NAME]\n"
                    + "./prove --crash-points all|POINT,… [--seed S] [--rate MESSAGES_PER_SECOND]";

    static Options of(String[] arguments, Path project) {
        double minutes = 3;
        long seed = new SecureRandom().nextInt(1_000_000);
        int rate = 14;
        Set<String> only = Set.of();
        List<String> crashPoints = List.of();
        var built = project;
        var plant = "";
        var expects = "";
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " wants something behind it");
            }
            var told = arguments[i + 1];
            switch (arguments[i]) {
                case "--minutes" -> minutes = Double.parseDouble(told);
                case "--seed" -> seed = Long.parseLong(told);
                case "--rate" -> rate = Integer.parseInt(told);
                case "--only" -> only = Set.copyOf(Arrays.asList(told.split(",")));
                case "--crash-points" -> crashPoints = crashPoints(told);
                case "--built" -> built = Path.of(told).toAbsolutePath();
                case "--plant" -> plant = told;
                case "--expects" -> expects = told;
                default -> throw new IllegalArgumentException("unknown: " + arguments[i]);
            }
        }
        if (minutes <= 0 || minutes > 24 * 60 || rate < 1 || rate > 500) {
            throw new IllegalArgumentException("minutes are above 0 and at most 1440, the rate is 1 to 500");
        }
        return new Options(minutes, seed, rate, only, crashPoints, built, plant, expects);
    }

    private static List<String> crashPoints(String told) {
        var all = CrashPoint.ALL.stream().map(CrashPoint::name).toList();
        var asked = told.equals("all") ? all : List.of(told.split(","));
        if (!all.containsAll(asked)) {
            throw new IllegalArgumentException("the crash points are " + String.join(",", all));
        }
        return asked;
    }

    String command() {
        if (!crashPoints.isEmpty()) {
            return "./prove --crash-points %s --seed %d --rate %d".formatted(String.join(",", crashPoints), seed, perSecond);
        }
        return "./prove --minutes %s --seed %d --rate %d%s%s"
                .formatted(
                        minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes),
                        seed,
                        perSecond,
                        only.isEmpty()
                                ? ""
                                : " --only "
                                        + String.join(
                                                ",", only.stream().sorted().toList()),
                        plant.isEmpty() ? "" : " --plant " + plant);
    }
}
