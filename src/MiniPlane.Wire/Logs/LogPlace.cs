namespace MiniPlane.Wire.Logs;

/// <summary>A place in the files of one run of a container's log: a later reader goes on there with the next byte.</summary>
/// <param name="File">The number of the file.</param>
/// <param name="Offset">Where in it the next line begins.</param>
/// <param name="IsInsideLine">The line before it is a part, so that no time stands before what comes next.</param>
public readonly record struct LogPlace(int File, long Offset, bool IsInsideLine);
