// In place of styles that nothing here needs: see vite.config.ts.
