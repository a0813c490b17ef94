package dev.hindsight.local;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What runs in the broker's own JVM: formats the log directory the first time, then is Kafka. It ends with the process
 * that started it, so that a killed launcher or test run leaves no broker behind.
 */
public final class KafkaBroker {
    private KafkaBroker() {}

    /** Arguments: the broker's properties file, its log directory, a cluster id, and the id of the parent process. */
    public static void main(String[] args) {
        String properties = args[0];
        Path logDirectory = Path.of(args[1]);
        String clusterId = args[2];
        long parent = Long.parseLong(args[3]);
        ProcessHandle launcher =
                ProcessHandle.of(parent).orElseThrow(() -> new IllegalStateException("the parent is gone"));
        Thread.ofPlatform().daemon().name("ends-with-its-launcher").start(() -> {
            launcher.onExit().join();
            System.exit(0);
        });
        if (!Files.exists(logDirectory.resolve("meta.properties"))) {
            int code = kafka.tools.StorageTool.execute(
                    new String[] {"format", "--cluster-id", clusterId, "--config", properties}, System.out);
            if (code != 0) {
                System.exit(code);
            }
        }
        kafka.Kafka.main(new String[] {properties});
    }
}
