namespace MiniPlane.Wire.Logs;

/// <summary>Which of a container's streams a line came from.</summary>
public enum LogStream
{
    Stdout,
    Stderr,
}
