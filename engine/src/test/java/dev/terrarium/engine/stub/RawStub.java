package dev.terrarium.engine.stub;

import dev.terrarium.engine.syscall.Arch;
import dev.terrarium.engine.syscall.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A stub that makes calls by number, also such as the engine has no constructor for. */
public final class RawStub implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private byte[] data = new byte[0];

  private RawStub(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** Started from a program written to that folder. */
  public static RawStub start(Path folder) throws IOException {
    Path program = executable(folder.resolve("stub"), StubImage.elf(Arch.host()));
    return new RawStub(new ProcessBuilder(program.toString()).start(), folder);
  }

  private static Path executable(Path path, byte[] content) throws IOException {
    Files.write(path, content);
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  public long pid() {
    return process.pid();
  }

  /** Has those bytes travel with every call from now on; where they will be. */
  public long place(byte[] content) {
    ByteBuffer longer = ByteBuffer.allocate(data.length + (content.length + 7 & ~7));
    longer.put(data).put(content);
    long address = StubImage.BUFFER + StubImage.HEADER + data.length;
    data = longer.array();
    return address;
  }

  /** The same for 64-bit words. */
  public long place(long... words) {
    return place(Bytes.ofLongs(words).toArray());
  }

  /** The kernel's raw result: a negative error number if it refuses. */
  public long call(int number, long... args) throws IOException {
    int length = StubImage.HEADER + data.length;
    ByteBuffer request = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    request.putLong(0, length).putLong(8, number).putLong(64, StubImage.HEADER);
    for (int i = 0; i < args.length; i++) {
      request.putLong(16 + 8 * i, args[i]);
    }
    request.put(StubImage.HEADER, data);
    process.getOutputStream().write(request.array());
    process.getOutputStream().flush();
    byte[] reply = process.getInputStream().readNBytes(StubImage.HEADER);
    if (reply.length < StubImage.HEADER) {
      throw new EOFException("the stub is gone");
    }
    return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Has the stub become a program of that machine code; its status as a shell reports it. */
  public int becomeCode(byte[] code) throws IOException, InterruptedException {
    Path program = executable(folder.resolve("code"), StubImage.elf(code, Arch.host()));
    long path = place((program + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    int execve = Arch.host() == Arch.X86_64 ? 59 : 221;
    try {
      call(execve, path, 0, 0);
    } catch (EOFException e) {
      return process.waitFor();
    }
    throw new IllegalStateException("the program did not begin");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
