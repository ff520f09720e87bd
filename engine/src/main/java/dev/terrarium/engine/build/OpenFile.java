package dev.terrarium.engine.build;

import dev.terrarium.engine.file.RawFiles;
import java.io.IOException;
import java.io.InputStream;

/** The content of a file that was opened by descriptor. */
final class OpenFile extends InputStream {
  private final RawFiles files;
  private final int fd;

  OpenFile(RawFiles files, int fd) {
    this.files = files;
    this.fd = fd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int got = files.read(fd, into, from, length);
    return got == 0 ? -1 : got;
  }

  @Override
  public void close() {
    files.close(fd);
  }
}
