namespace MiniPlane.Configuration;

/// <summary>A setting that cannot be used; the message names it, where it came from and what is allowed.</summary>
internal sealed class SettingException(string message) : Exception(message);
