package dev.terrarium.app.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Forgets images. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "Forget images by name; prune throws away what nothing needs any more.")
final class ImageRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "IMAGE", arity = "1..*")
  private List<String> references = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    StoreAccess.withStore(store -> {
      for (String reference : references) {
        store.remove(reference);
      }
    });
    return ExitCodes.OK;
  }
}
