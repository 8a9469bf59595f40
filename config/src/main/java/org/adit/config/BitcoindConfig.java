package org.adit.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The Bitcoin node the pool mines with.
 *
 * @param url JSON-RPC endpoint, {@code http://host:port} without user, path or query
 * @param credentials how the pool proves itself to the node
 * @param zmqHashblock the node's {@code -zmqpubhashblock} endpoint, {@code tcp://host:port}; empty:
 *     long poll and poll alone tell of new blocks
 * @param requestTimeout how long one call may take, long polls excepted
 * @param pollInterval time between two questions for the best block, the safety net under ZMQ and
 *     long poll
 * @param refreshInterval greatest age of a template before a new one is asked for
 * @param isolated test chains only: the node may be without peers
 */
public record BitcoindConfig(
    URI url,
    RpcCredentials credentials,
    Optional<String> zmqHashblock,
    Duration requestTimeout,
    Duration pollInterval,
    Duration refreshInterval,
    boolean isolated) {}
