package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuspicionPolicyTest {

    private static final SuspicionPolicy POLICY = new SuspicionPolicy(Duration.ofMinutes(60));

    @Test
    void aDeployThatEndedWithinTheWindowIsSuspected() {
        assertThat(POLICY.suspects(minute(0), minute(10), minute(11))).isTrue();
        assertThat(POLICY.suspects(minute(0), minute(10), minute(70))).isTrue();
    }

    @Test
    void oneThatEndedLongBeforeIsNot() {
        assertThat(POLICY.suspects(minute(0), minute(10), minute(71))).isFalse();
    }

    @Test
    void oneThatRunsWhenItBeginsIsSuspected() {
        assertThat(POLICY.suspects(minute(0), minute(200), minute(100))).isTrue();
        assertThat(POLICY.suspects(minute(50), null, minute(100))).isTrue();
    }

    @Test
    void oneThatBeganAfterwardsIsNot() {
        assertThat(POLICY.suspects(minute(12), minute(13), minute(11))).isFalse();
    }

    @Test
    void oneThatWaitsHasChangedNothing() {
        assertThat(POLICY.suspects(null, null, minute(11))).isFalse();
    }
}
