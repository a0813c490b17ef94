package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static JsonNode read(String json) throws Exception {
        return new JsonMapper().readTree(json);
    }

    @ParameterizedTest
    @CsvSource({
        "2021-06-04T10:17:54.838Z, 2021-06-04T10:17:54.838Z",
        "2017-09-26T15:18:09+00:00, 2017-09-26T15:18:09Z",
        "2021-10-12T09:51:03.157076+02:00, 2021-10-12T07:51:03.157076Z",
        "2020-02-06T00:17:58.432911368Z, 2020-02-06T00:17:58.432911Z",
        "2017-08-03T15:17:37.804-04:00, 2017-08-03T19:17:37.804Z",
        "2023-07-25 13:34:49 UTC, 2023-07-25T13:34:49Z",
        "2021-04-28 21:50:00 +0200, 2021-04-28T19:50:00Z",
        "2021-04-28 21:50:00 +02:00, 2021-04-28T19:50:00Z",
        "2021-04-28 21:50:00+02, 2021-04-28T19:50:00Z",
        "2021-04-28 21:50:00.125Z, 2021-04-28T21:50:00.125Z",
        "2021-04-28 21:50:00, 2021-04-28T21:50:00Z",
        "1355517523.000005, 2012-12-14T20:38:43.000005Z",
        "1602527561967, 2020-10-12T18:32:41.967Z",
        "1420452224764002246, 2015-01-05T10:03:44.764002Z",
        "1420452224764002, 2015-01-05T10:03:44.764002Z",
    })
    void aMomentIsReadHoweverToolsWriteIt(String text, Instant moment) throws Exception {
        assertThat(Fields.time(JSON.textNode(text))).isEqualTo(moment);
        if (text.matches("[0-9.]+")) {
            assertThat(Fields.time(read(text))).as("as a number").isEqualTo(moment);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"0001-01-01T00:00:00Z\"",
                "\"\"",
                "\" \"",
                "null",
                "true",
                "{}",
                "[]",
                "0",
                "-1",
                "7",
                "99999999999999999999",
                "1e400",
                "\"tomorrow\"",
                "\"2021-13-01T00:00:00Z\"",
                "\"9999-01-01T00:00:00Z\"",
                "\"2021-04-28\""
            })
    void whatIsNoMomentIsNotSaid(String json) throws Exception {
        assertThat(Fields.time(read(json))).isNull();
    }

    @Test
    void whatIsLongerThanAPersonReadsIsCutWithoutBreakingACharacter() {
        String rockets = "\ud83d\ude80".repeat(300);
        String name = Fields.name(JSON.textNode(rockets));
        assertThat(name).endsWith("…").hasSizeLessThanOrEqualTo(300);
        assertThat(Character.isHighSurrogate(name.charAt(name.length() - 2))).isFalse();
    }

    @Test
    void anIdIsToldApartThoughItIsLong() {
        String one = Fields.id(JSON.textNode("a".repeat(400) + "1"));
        String two = Fields.id(JSON.textNode("a".repeat(400) + "2"));
        assertThat(one).isNotEqualTo(two).hasSizeLessThan(300);
        assertThat(Fields.id(JSON.numberNode(42))).isEqualTo("42");
        assertThat(Fields.id(JSON.objectNode())).isNull();
    }

    @Test
    void onlyAWebAddressIsALink() {
        assertThat(Fields.url(JSON.textNode("https://acme.example/1"))).isEqualTo("https://acme.example/1");
        assertThat(Fields.url(JSON.textNode("javascript:alert(1)"))).isNull();
        assertThat(Fields.url(JSON.textNode("//acme.example"))).isNull();
    }
}
