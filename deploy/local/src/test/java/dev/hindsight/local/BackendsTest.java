package dev.hindsight.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {
    @TempDir
    Path directory;

    @Test
    void whatWasCommittedAndAcknowledgedIsThereAfterAKillOfBothAndARestart() throws Exception {
        DataDirectory data = DataDirectory.at(directory);
        PostgresServer before;
        try (Backends backends = Backends.start(data)) {
            before = backends.postgres();
            assertThat(before.show("fsync")).isEqualTo("on");
            assertThat(before.show("synchronous_commit")).isEqualTo("on");
            assertThat(before.show("listen_addresses")).isEqualTo("127.0.0.1");

            backends.createDatabase("kept");
            backends.createDatabase("kept");
            execute(before, "create table fact (text text); insert into fact values ('kept')");
            backends.createTopic("kept", 1);
            backends.createTopic("kept", 1);
            send(backends.kafkaBootstrap(), "kept");

            // The power cut: nobody is asked to end.
            backends.processes().forEach(ChildProcess::killWithChildren);
        }
        // What a crash leaves behind: a note that names a process which is by now somebody else's.
        Path note = data.postgres().resolve("postmaster.pid");
        Files.write(
                note,
                List.of(
                        Long.toString(ProcessHandle.current().pid()),
                        data.postgres().toString(),
                        "0",
                        "1",
                        "",
                        "",
                        ""));

        try (Backends backends = Backends.start(data)) {
            assertThat(backends.postgres()).as("same port, same password").isEqualTo(before);
            assertThat(query(backends.postgres(), "select text from fact")).isEqualTo("kept");
            assertThat(receive(backends.kafkaBootstrap())).isEqualTo("kept");

            Path file = directory.resolve("backends.properties");
            backends.writeTo(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Backends.readFrom(file).postgres()).isEqualTo(before);
            assertThat(Backends.readFrom(file).kafkaBootstrap()).isEqualTo(backends.kafkaBootstrap());

            backends.dropDatabase("kept");
            backends.dropDatabase("kept");
        }
        assertThat(ChildProcess.find(data, LocalPostgres.NAME)).isEmpty();
        assertThat(ChildProcess.find(data, LocalKafka.NAME)).isEmpty();
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("kept");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("kept");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void send(String bootstrap, String text) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("kept", text.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static String receive(String bootstrap) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(15))) {
                return new String(record.value(), StandardCharsets.UTF_8);
            }
            return "nothing within 15 s";
        }
    }
}
