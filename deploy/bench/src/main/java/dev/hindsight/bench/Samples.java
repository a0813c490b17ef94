package dev.hindsight.bench;

import java.util.Arrays;

/** Lengths of time in nanoseconds, all of them: percentiles are exact. Not for more than one thread. */
final class Samples {
    private long[] values = new long[16_384];
    private int size;
    private boolean sorted;

    void add(long nanos) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = nanos;
        sorted = false;
    }

    void addAll(Samples other) {
        for (int i = 0; i < other.size; i++) {
            add(other.values[i]);
        }
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Interpolated like PostgreSQL's percentile_cont; NaN without samples. */
    double millis(double percentile) {
        if (size == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        double place = percentile / 100 * (size - 1);
        int below = (int) place;
        double upper = values[Math.min(below + 1, size - 1)];
        return (values[below] + (upper - values[below]) * (place - below)) / 1e6;
    }
}
