package dev.terrarium.engine.wire;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The memory of a process that waits for an answer, through proc_pid_mem(5). What it cannot read, a
 * pointer that leads nowhere for instance, is empty. Every read is bounded in length.
 */
final class CallerMemory implements Memory {

  /** The smallest there is: a read that stays within such a page never meets the next mapping. */
  private static final int PAGE = 4096;

  private final Optional<RandomAccessFile> file;

  private CallerMemory(Optional<RandomAccessFile> file) {
    this.file = file;
  }

  /** Of that thread's process. */
  static CallerMemory of(int tid) {
    try {
      // Not a channel: an interrupt would close that.
      return new CallerMemory(Optional.of(new RandomAccessFile("/proc/" + tid + "/mem", "r")));
    } catch (FileNotFoundException e) {
      return new CallerMemory(Optional.empty());
    }
  }

  @Override
  public Optional<byte[]> text(long address, int most) {
    byte[] text = new byte[most];
    int length = 0;
    while (length < most) {
      int count = read(address + length, text, length, most - length);
      if (count <= 0) {
        // What there was until the memory ended is not what the kernel would take.
        return Optional.empty();
      }
      for (int end = length + count; length < end; length++) {
        if (text[length] == 0) {
          return Optional.of(Arrays.copyOf(text, length));
        }
      }
    }
    return Optional.of(text);
  }

  @Override
  public Optional<ByteBuffer> bytes(long address, int count) {
    byte[] bytes = new byte[count];
    int length = 0;
    while (length < count) {
      int read = read(address + length, bytes, length, count - length);
      if (read <= 0) {
        return Optional.empty();
      }
      length += read;
    }
    return Optional.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** At most to the end of the page. */
  private int read(long address, byte[] target, int offset, int count) {
    // Below that is nothing, and above 2^63 is the kernel's memory.
    if (file.isEmpty() || address < PAGE) {
      return -1;
    }
    try {
      RandomAccessFile memory = file.get();
      memory.seek(address);
      return memory.read(target, offset, Math.min(count, PAGE - (int) (address % PAGE)));
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException e) {
      // Nothing was written.
    }
  }
}
