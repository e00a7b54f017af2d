package io.syncline.systemtests.prove;

import io.syncline.systemtests.crash.CrashPoint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What was asked for.
 *
 * @param minutes of faults, the warm-up before and the settling after not counted
 * @param only kinds of faults; empty: all
 * @param crashPoints places that a node is to crash at, each once, in the place of minutes of faults; empty: none
 * @param plant the bug to be planted into the platform, which has to be seen
 * @param guards the bugs to be planted one after the other, each followed by a run without it; empty: this is one run
 */
record Options(
        double minutes,
        long seed,
        int perSecond,
        Set<String> only,
        List<String> crashPoints,
        Optional<Plant> plant,
        List<Plant> guards) {

    static final String USAGE =
            "./prove [--minutes N] [--seed S] [--rate MESSAGES_PER_SECOND] [--only FAULT,…] [--plant NAME]\n"
                    + "./prove --crash-points all|POINT,… [--seed S] [--rate MESSAGES_PER_SECOND]\n"
                    + "./prove --guards all|PLANT,… [--seed S] [--rate MESSAGES_PER_SECOND]\n"
                    + "./prove --judge HISTORY";

    private static final long SEED_OF_THE_GUARDS = 2026;

    static Options of(String[] arguments, Path project) {
        Double minutes = null;
        Long seed = null;
        int rate = 10;
        Set<String> only = Set.of();
        List<String> crashPoints = List.of();
        List<Plant> plants = List.of();
        List<Plant> guards = List.of();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " wants something behind it");
            }
            var told = arguments[i + 1];
            switch (arguments[i]) {
                case "--minutes" -> minutes = Double.valueOf(told);
                case "--seed" -> seed = Long.valueOf(told);
                case "--rate" -> rate = Integer.parseInt(told);
                case "--only" -> only = Set.copyOf(Arrays.asList(told.split(",")));
                case "--crash-points" ->
                    crashPoints = named("crash points", told, CrashPoint.PLATFORM, CrashPoint::name).stream()
                            .map(CrashPoint::name)
                            .toList();
                case "--plant" -> plants = named("plants", told, Plant.all(project), Plant::name);
                case "--guards" -> guards = named("plants", told, Plant.all(project), Plant::name);
                default -> throw new IllegalArgumentException("unknown: " + arguments[i]);
            }
        }
        if (plants.size() > 1) {
            throw new IllegalArgumentException("one plant at a time; several are what --guards is for");
        }
        var plant = plants.stream().findFirst();
        if (!guards.isEmpty() && (minutes != null || !only.isEmpty() || plant.isPresent() || !crashPoints.isEmpty())) {
            throw new IllegalArgumentException("each of the guards names its faults and minutes itself");
        }
        if (minutes == null) {
            minutes = plant.map(Plant::minutes).orElse(3.0);
        }
        if (only.isEmpty()) {
            only = plant.map(Plant::faults).orElse(only);
        }
        if (seed == null) {
            seed = guards.isEmpty() ? new SecureRandom().nextInt(1_000_000) : SEED_OF_THE_GUARDS;
        }
        if (minutes <= 0 || minutes > 24 * 60 || rate < 1 || rate > 500) {
            throw new IllegalArgumentException("minutes are above 0 and at most 1440, the rate is 1 to 500");
        }
        return new Options(minutes, seed, rate, only, crashPoints, plant, guards);
    }

    private static <T> List<T> named(String what, String told, List<T> all, Function<T, String> name) {
        if (told.equals("all")) {
            return all;
        }
        var asked = Arrays.asList(told.split(","));
        var found = all.stream().filter(one -> asked.contains(name.apply(one))).toList();
        if (found.size() != Set.copyOf(asked).size()) {
            throw new IllegalArgumentException("the " + what + " are "
                    + String.join(",", all.stream().map(name).toList()));
        }
        return found;
    }

    /** One run with the bug, as short as it needs. */
    Options with(Plant one) {
        return new Options(one.minutes(), seed, perSecond, one.faults(), List.of(), Optional.of(one), List.of());
    }

    /** The same without the bug. */
    Options sound() {
        return new Options(minutes, seed, perSecond, only, crashPoints, Optional.empty(), List.of());
    }

    /** The invariant that has to be violated; empty: none may be. */
    String expects() {
        return plant.map(Plant::expects).orElse("");
    }

    /** Whether provider and consumers run in it: in a run of all faults, and where one of theirs is asked for. */
    boolean withData() {
        return crashPoints.isEmpty() && (only.isEmpty() || only.stream().anyMatch(DataFaults::isOne));
    }

    String command() {
        if (!crashPoints.isEmpty()) {
            return "./prove --crash-points %s --seed %d --rate %d"
                    .formatted(String.join(",", crashPoints), seed, perSecond);
        }
        if (!guards.isEmpty()) {
            return "./prove --guards %s --seed %d --rate %d"
                    .formatted(String.join(",", guards.stream().map(Plant::name).toList()), seed, perSecond);
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
                        plant.map(one -> " --plant " + one.name()).orElse(""));
    }
}
