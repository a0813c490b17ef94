package dev.hindsight.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One figure over all rounds, with the floor of the same rounds: {@code name value unit (floor value, ratio)}, medians, and
 * the ranges behind them. The ratio is the median of the rounds' own ratios, as both sides of a round saw the same noise.
 */
final class Figure {
    private final String name;
    private final String unit;
    private final String floorName;
    private final List<Double> values = new ArrayList<>();
    private final List<Double> floors = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();

    /** @param floorName what the floor is, in words; what stands instead of a floor where there is none */
    Figure(String name, String unit, String floorName) {
        this.name = name;
        this.unit = unit;
        this.floorName = floorName;
    }

    void add(double value) {
        values.add(value);
    }

    void add(double value, double floor) {
        values.add(value);
        floors.add(floor);
        ratios.add(value / floor);
    }

    double median() {
        return median(values);
    }

    String line() {
        if (values.isEmpty()) {
            return name + " - " + unit + " (not measured)";
        }
        if (floors.isEmpty()) {
            return "%s %s %s (floor -, %s) [%s]".formatted(name, number(median()), unit, floorName, range(values));
        }
        return "%s %s %s (floor %s, ratio %s) [%s; floor %s; ratio %s; floor is %s]"
                .formatted(
                        name,
                        number(median()),
                        unit,
                        number(median(floors)),
                        ratio(median(ratios)),
                        range(values),
                        range(floors),
                        ratio(Collections.min(ratios)) + " to " + ratio(Collections.max(ratios)),
                        floorName);
    }

    private static String range(List<Double> values) {
        return number(Collections.min(values)) + " to " + number(Collections.max(values)) + ", " + values.size()
                + (values.size() == 1 ? " round" : " rounds");
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
