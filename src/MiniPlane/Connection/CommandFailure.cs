using MiniPlane.CommandLine;

namespace MiniPlane.Connection;

/// <summary>A command cannot do what was asked; the message says why and what to do next.</summary>
internal sealed class CommandFailure(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode => exitCode;
}
