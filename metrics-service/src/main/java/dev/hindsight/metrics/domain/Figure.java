package dev.hindsight.metrics.domain;

/** Numbers that a definition asks for beside the common statistics; each has a name of its own, so that none is mistaken. */
public enum Figure {
    MTTR_MEDIAN_MAJOR("mttrMedianMajor", "MTTR of seed 000: the median, of SEV0 and SEV1 only."),
    MTTR_MEAN_ALL("mttrMeanAll", "MTTR of seed 004: the mean, of all severities."),
    REOPENINGS("reopenings", "How often the counted incidents were reopened; n is how many incidents were."),
    SHARE_WITHIN_48H("shareWithin48h", "Share of the counted postmortems published within 48 hours of resolution."),
    CLOSED("closed", "Items that are DONE or VERIFIED."),
    CANCELED("canceled", "Items that were canceled; they are not in n of the rate."),
    CONFIRMED("confirmed", "Deploys of which somebody said that they contributed to an incident."),
    SUSPECTED("suspected", "Deploys that are suspected of an incident, and nobody has said yet."),
    PAGES("pages", "All pages, also those outside of any shift that a calendar knows."),
    AFTER_HOURS(
            "afterHours", "Pages after hours, as judged when they were recorded; n is how many were judged at all."),
    SHIFTS("shifts", "On-call shifts of the period, of the calendars that the counted pages go by."),
    SHIFTS_PAGED("shiftsPaged", "On-call shifts in which somebody was paged.");

    /** "Target under 48 hours" (seed 004). */
    public static final int TARGET_HOURS = 48;

    private final String wireName;
    private final String meaning;

    Figure(String wireName, String meaning) {
        this.wireName = wireName;
        this.meaning = meaning;
    }

    public String wireName() {
        return wireName;
    }

    /** A number of things, which is 0 and not unknown where there are none. */
    public boolean isCount() {
        return switch (this) {
            case REOPENINGS, CLOSED, CANCELED, CONFIRMED, SUSPECTED, PAGES, AFTER_HOURS, SHIFTS, SHIFTS_PAGED -> true;
            case MTTR_MEDIAN_MAJOR, MTTR_MEAN_ALL, SHARE_WITHIN_48H -> false;
        };
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }
}
