package dev.hindsight.bench;

/** One row of the table of targets. */
interface Row {

    /** As the command line names it. */
    String name();

    /** Seeds, measures, and prints its figures as it gets them. */
    void measure(Bench bench) throws Exception;
}
