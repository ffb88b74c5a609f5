namespace MiniPlane.Store.Sequencing;

/// <summary>A batch could not be made durable; nothing of it was kept. The message is fit for clients.</summary>
internal sealed class JournalRefusedException(string message, Exception innerException) : Exception(message, innerException);
