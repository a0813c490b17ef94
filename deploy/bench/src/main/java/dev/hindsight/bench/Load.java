package dev.hindsight.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 load from one thread over kept-alive connections. It shares the machine with what it measures, so it only writes
 * bytes that are there already and reads as much of an answer as tells where it ends; what it cost is in the result.
 */
final class Load {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
    private static final byte[] CONTENT_LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "\r\ntransfer-encoding: chunked".getBytes(StandardCharsets.US_ASCII);

    /** The next request of a connection, whole; called in the order of sending. */
    interface Requests {
        byte[] next(int connection);
    }

    /**
     * What became of a request: {@code place} counts them in the order of sending, from 0; {@code since} is when it was sent
     * or, with a given rate, due, by {@link System#nanoTime()}.
     */
    interface Answers {
        void answered(int place, long since, int status, String text);
    }

    /**
     * What was measured.
     *
     * @param latencies of those that were answered; with a given rate from the moment they were due, so that waiting for a
     *     connection or for the system counts
     * @param refused answered with another status than 2xx
     * @param seconds from the first request to the last answer
     * @param generatorCores what the load itself took of the machine, in cores
     */
    record Result(
            Samples latencies,
            int refused,
            double seconds,
            double generatorCores,
            @Nullable String firstRefusal) {

        double perSecond() {
            return latencies.size() / seconds;
        }

        /** @throws IllegalStateException where not all is well: such a round measures something else */
        Result requireAllAnswered() {
            if (refused > 0) {
                throw new IllegalStateException(refused + " requests were refused; the first: " + firstRefusal);
            }
            return this;
        }
    }

    private final InetSocketAddress server;

    Load(String host, int port) {
        this.server = new InetSocketAddress(host, port);
    }

    /** The bytes of a request with a body, or without one where it is null. */
    static byte[] request(String method, String path, String headers, @Nullable String body) {
        byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n" + headers
                + (body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n")
                + "\r\n";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[first.length + content.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(content, 0, whole, first.length, content.length);
        return whole;
    }

    /** As many clients as connections; each sends the next request as soon as it has an answer. */
    Result closed(int connections, Duration howLong, Requests requests, @Nullable Answers answers) throws IOException {
        return new Run(connections, requests, answers).closed(howLong, Integer.MAX_VALUE);
    }

    /** The same, for a number of requests. */
    Result closed(int connections, int count, Requests requests, @Nullable Answers answers) throws IOException {
        return new Run(connections, requests, answers).closed(Duration.ofMinutes(10), count);
    }

    /** Requests become due at this rate whether or not earlier ones are answered, at exponential intervals. */
    Result open(double perSecond, int connections, Duration howLong, Requests requests, @Nullable Answers answers)
            throws IOException {
        return new Run(connections, requests, answers).open(perSecond, howLong);
    }

    /** The same, where more may become due than can be answered meanwhile. @param patience for what is left at the end */
    Result flood(double perSecond, int connections, Duration howLong, Requests requests, Duration patience)
            throws IOException {
        Run run = new Run(connections, requests, null);
        run.patience = patience;
        return run.open(perSecond, howLong);
    }

    private final class Run {
        private final Requests requests;
        private final @Nullable Answers answers;
        private final List<Connection> connections = new ArrayList<>();
        private final Samples latencies = new Samples();
        private final Deque<Connection> idle = new ArrayDeque<>();
        private final Deque<Long> due = new ArrayDeque<>();
        private Duration patience = LAST_ANSWERS;
        private int sent;
        private int refused;
        private int waiting;
        private @Nullable String firstRefusal;

        Run(int count, Requests requests, @Nullable Answers answers) {
            this.requests = requests;
            this.answers = answers;
            for (int i = 0; i < count; i++) {
                connections.add(new Connection(i));
            }
        }

        Result closed(Duration howLong, int count) throws IOException {
            long cpu = cpu();
            long begin;
            long end;
            try (Selector selector = connect()) {
                begin = System.nanoTime();
                end = begin + howLong.toNanos();
                for (Connection connection : connections) {
                    if (sent < count) {
                        connection.send(System.nanoTime());
                    }
                }
                while (waiting > 0) {
                    selector.select(1000);
                    for (SelectionKey key : selector.selectedKeys()) {
                        Connection connection = (Connection) key.attachment();
                        if (connection.answered(key)) {
                            long now = System.nanoTime();
                            if (now < end && sent < count) {
                                connection.send(now);
                            }
                        }
                    }
                    selector.selectedKeys().clear();
                    giveUpAfter(end);
                }
            }
            return result(begin, cpu);
        }

        Result open(double perSecond, Duration howLong) throws IOException {
            long cpu = cpu();
            long begin;
            try (Selector selector = connect()) {
                idle.addAll(connections);
                Random random = new Random(42);
                begin = System.nanoTime();
                long end = begin + howLong.toNanos();
                double next = begin;
                while (next < end || !due.isEmpty() || waiting > 0) {
                    long now = System.nanoTime();
                    while (next <= now && next < end) {
                        due.add((long) next);
                        next += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
                    }
                    while (!due.isEmpty() && !idle.isEmpty()) {
                        idle.removeFirst().send(due.removeFirst());
                    }
                    long pause = next < end ? (long) ((next - System.nanoTime()) / 1e6) : 1000;
                    if (pause > 0) {
                        selector.select(pause);
                    } else {
                        selector.selectNow();
                    }
                    for (SelectionKey key : selector.selectedKeys()) {
                        Connection connection = (Connection) key.attachment();
                        if (connection.answered(key)) {
                            idle.addFirst(connection);
                        }
                    }
                    selector.selectedKeys().clear();
                    giveUpAfter(end);
                }
            }
            return result(begin, cpu);
        }

        private void giveUpAfter(long end) {
            if (System.nanoTime() > end + patience.toNanos()) {
                throw new IllegalStateException((waiting + due.size()) + " requests were not answered within "
                        + patience.toSeconds() + " s after the end");
            }
        }

        private Selector connect() throws IOException {
            Selector selector = Selector.open();
            for (Connection connection : connections) {
                connection.open(selector);
            }
            return selector;
        }

        private Result result(long begin, long cpu) throws IOException {
            double seconds = (System.nanoTime() - begin) / 1e9;
            for (Connection connection : connections) {
                connection.close();
            }
            return new Result(latencies, refused, seconds, (cpu() - cpu) / 1e9 / seconds, firstRefusal);
        }

        private static long cpu() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        private final class Connection {
            private final int number;
            private ByteBuffer answer = ByteBuffer.allocate(16 * 1024);
            private @Nullable SocketChannel channel;
            private int place;
            private long since;

            Connection(int number) {
                this.number = number;
            }

            void open(Selector selector) throws IOException {
                SocketChannel opened = SocketChannel.open(server);
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
                opened.configureBlocking(false);
                opened.register(selector, SelectionKey.OP_READ, this);
                channel = opened;
            }

            void close() throws IOException {
                if (channel != null) {
                    channel.close();
                }
            }

            void send(long from) throws IOException {
                since = from;
                place = sent++;
                waiting++;
                answer.clear();
                ByteBuffer request = ByteBuffer.wrap(requests.next(number));
                // A request is far smaller than the kernel's buffer of an idle connection.
                while (request.hasRemaining()) {
                    channel().write(request);
                }
            }

            /** Whether the answer is there as a whole now. */
            boolean answered(SelectionKey key) throws IOException {
                if (!answer.hasRemaining()) {
                    ByteBuffer larger = ByteBuffer.allocate(answer.capacity() * 2);
                    answer = larger.put(answer.flip());
                }
                if (channel().read(answer) < 0) {
                    key.cancel();
                    throw new IOException("the service closed a connection in the middle");
                }
                int end = endOfHead();
                if (end < 0 || !complete(end)) {
                    return false;
                }
                waiting--;
                latencies.add(System.nanoTime() - since);
                int status = (answer.get(9) - '0') * 100 + (answer.get(10) - '0') * 10 + answer.get(11) - '0';
                if (status / 100 != 2) {
                    refused++;
                    if (firstRefusal == null) {
                        firstRefusal = text(0);
                    }
                }
                if (answers != null) {
                    answers.answered(place, since, status, text(end));
                }
                return true;
            }

            private SocketChannel channel() {
                if (channel == null) {
                    throw new IllegalStateException("not open");
                }
                return channel;
            }

            private String text(int from) {
                return new String(answer.array(), from, answer.position() - from, StandardCharsets.UTF_8);
            }

            private int endOfHead() {
                byte[] bytes = answer.array();
                for (int i = 3; i < answer.position(); i++) {
                    if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                        return i + 1;
                    }
                }
                return -1;
            }

            private boolean complete(int head) {
                byte[] bytes = answer.array();
                int at = find(CONTENT_LENGTH, head);
                if (at >= 0) {
                    int length = 0;
                    for (int i = at; bytes[i] != '\r'; i++) {
                        if (bytes[i] != ' ') {
                            length = length * 10 + bytes[i] - '0';
                        }
                    }
                    return answer.position() >= head + length;
                }
                if (find(CHUNKED, head) >= 0) {
                    int end = answer.position();
                    return end >= head + 5
                            && bytes[end - 1] == '\n'
                            && bytes[end - 2] == '\r'
                            && bytes[end - 3] == '\n'
                            && bytes[end - 4] == '\r'
                            && bytes[end - 5] == '0';
                }
                return true;
            }

            /** Behind the header's name, in whatever case; -1 where there is none. */
            private int find(byte[] lowerCase, int head) {
                byte[] bytes = answer.array();
                outer:
                for (int i = 0; i + lowerCase.length <= head; i++) {
                    for (int j = 0; j < lowerCase.length; j++) {
                        int letter = bytes[i + j];
                        if (letter >= 'A' && letter <= 'Z') {
                            letter += 'a' - 'A';
                        }
                        if (letter != lowerCase[j]) {
                            continue outer;
                        }
                    }
                    return i + lowerCase.length;
                }
                return -1;
            }
        }
    }
}
