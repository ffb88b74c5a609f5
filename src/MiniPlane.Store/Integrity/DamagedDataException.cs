namespace MiniPlane.Store.Integrity;

/// <summary>What was read is not what was written. The message says what was found, as the end of a sentence about the file.</summary>
internal sealed class DamagedDataException(string message) : Exception(message);
