import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Server HOME PORT starts an embedded Neo4j that speaks Bolt on 127.0.0.1:PORT,
 * prints "ready" and serves until its input ends, which it does when the
 * process that started it is gone, however it went. Then HOME is removed.
 */
public final class Server {
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        SocketAddress address = new SocketAddress("127.0.0.1", Integer.parseInt(args[1]));
        new DatabaseManagementServiceBuilder(home)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(BoltConnector.advertised_address, address)
                .setConfig(GraphDatabaseSettings.pagecache_memory, 128L << 20)
                .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false)
                .setConfig(GraphDatabaseSettings.keep_logical_logs, "1 files")
                .build();
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Nothing is ever sent: only the end counts.
        }
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // A temporary folder that stays is no reason to stay too.
        }
        // An orderly shutdown takes ten seconds and saves data nobody wants.
        Runtime.getRuntime().halt(0);
    }
}
